// The phone core as an Android library, from what ./package has put into target/android. For people who have the Android SDK
// and Gradle: neither was here when this was written, so it was never run.
plugins {
    id("com.android.library") version "8.13.0"
    kotlin("android") version "2.4.21"
}

val packed = rootDir.resolve("../../target/android")

android {
    namespace = "haigou.core"
    compileSdk = 35
    defaultConfig {
        minSdk = 26
        consumerProguardFiles(packed.resolve("consumer-rules.pro"))
    }
    sourceSets["main"].apply {
        manifest.srcFile("AndroidManifest.xml")
        java.srcDirs(packed.resolve("java"), packed.resolve("kotlin"))
        jniLibs.srcDirs(packed.resolve("jniLibs"))
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

dependencies {
    api("net.java.dev.jna:jna:5.19.1@aar")
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
}
